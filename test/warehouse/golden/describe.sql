SELECT table_schema AS s, table_name AS t, column_name AS name, data_type AS type
FROM `region-us`.INFORMATION_SCHEMA.COLUMNS
ORDER BY table_schema, table_name, ordinal_position;
