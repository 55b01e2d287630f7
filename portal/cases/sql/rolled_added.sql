, addition AS (SELECT * FROM rolled)
