-- The beginning of every test, which is one transaction that is rolled back: psql prints what pgTAP says and nothing else.
\unset ECHO
\set QUIET 1
\pset format unaligned
\pset tuples_only true
\pset pager off
\set ON_ERROR_STOP true
\set ON_ERROR_ROLLBACK off

BEGIN;
SET LOCAL client_min_messages = warning;
