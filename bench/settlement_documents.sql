-- All documents of the newest run issued and rendered, and then not: a run is issued once. Variable: run.
SET client_min_messages = warning;
SET jit = off;
SET smartgrid.grid = 'default';
BEGIN;
SELECT clock_timestamp() AS began \gset
SELECT count(*) AS documents FROM sg_issue(:run, '2023-03-01') \gset
SELECT extract(epoch FROM clock_timestamp() - :'began') AS issued \gset
SELECT clock_timestamp() AS began \gset
SELECT sum(length(sg_render_document(number))) FROM sg_documents WHERE grid = 'default' AND run = :run;
SELECT extract(epoch FROM clock_timestamp() - :'began') AS rendered \gset
ROLLBACK;
INSERT INTO taken VALUES ('documents issued', :documents / :issued), ('documents rendered', :documents / :rendered),
                         ('documents', :documents / (:issued::numeric + :rendered));
