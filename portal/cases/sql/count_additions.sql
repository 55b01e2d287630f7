SELECT count(*) FROM addition
