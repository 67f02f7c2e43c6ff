/*-------------------------------------------------------------------------
 *
 * trade_rows.c
 *	  Trades, found by their parties.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/fmgroids.h"

#include "booking/trade_rows.h"
#include "grid/own_rows.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(sg_further_trades);

/* Is there a trade in which a seller sells, or wanted to sell, to a buyer? */
bool
trade_was_offered(int64 seller_id, int64 buyer_id)
{
	ScanKeyData keys[2];
	StoreRow	row;

	ScanKeyInit(&keys[0], Anum_trade_seller_id, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(seller_id));
	ScanKeyInit(&keys[1], Anum_trade_buyer_id, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(buyer_id));
	return store_find_by_index(TABLE_TRADE, INDEX_TRADE_SELLER, 2, keys, &row);
}

/* further_trades(skip) -> setof trade: the caller's trades but for those of its first so many participants. */
Datum
sg_further_trades(PG_FUNCTION_ARGS)
{
	static const PartyColumn columns[] = {
		{INDEX_TRADE_SELLER, Anum_trade_seller_id},
		{INDEX_TRADE_BUYER, Anum_trade_buyer_id},
	};

	return own_rows_return(fcinfo, TABLE_TRADE, columns);
}
