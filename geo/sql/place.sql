-- The facts of a drawn place: its measures, how it lies to the layers of rules and look-ups, and the name of its locality. `place` is the
-- query above; what nobody asks for is NULL in its place (geo/place_query.py).
SELECT
    round(ST_Area(flat)::numeric, 2)::double precision AS area_m2,
    round((ST_Length(flat) + ST_Perimeter(flat))::numeric, 2)::double precision AS length_m,
    round(ST_X(spot)::numeric, 6)::double precision AS lon,
    round(ST_Y(spot)::numeric, 6)::double precision AS lat,
    ({measurements}) AS measurements,
    ({locality}) AS locality
FROM place
CROSS JOIN LATERAL ST_PointOnSurface(place.geom) AS spot
