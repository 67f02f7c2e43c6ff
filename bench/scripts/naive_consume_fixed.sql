SELECT naive.consume(1);
