INSERT INTO case_place_count SELECT * FROM addition
ON CONFLICT (level, procedure_key, cell, department_id, status) DO UPDATE SET
    n = case_place_count.n + excluded.n,
    late = case_place_count.late + excluded.late,
    case_ids = case_place_count.case_ids + excluded.case_ids,
    x = case_place_count.x + excluded.x,
    y = case_place_count.y + excluded.y
