INSERT INTO case_day_count SELECT * FROM addition
ON CONFLICT (procedure_key, department_id, status, is_open, day) DO UPDATE SET
    begins = case_day_count.begins + excluded.begins,
    ends = case_day_count.ends + excluded.ends
