-- The two logins, the database and its extensions. Carried out by psql as a superuser, on the private cluster by the portal
-- itself, on a real server by its administrator. Safe to repeat.
--
-- portal_owner owns the database and every table. Migrations and `madoguchi city create` use it; it may create roles,
--              because each city is a role, and is never used to serve a request.
-- portal_app   serves requests. It owns nothing and inherits nothing: a transaction first takes on the role of one city.

SELECT 'CREATE ROLE portal_owner' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_owner') \gexec
ALTER ROLE portal_owner LOGIN NOSUPERUSER CREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS;

SELECT 'CREATE ROLE portal_app' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_app') \gexec
ALTER ROLE portal_app LOGIN NOINHERIT NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS;

SELECT 'CREATE DATABASE madoguchi OWNER portal_owner TEMPLATE template0 ENCODING ''UTF8'''
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'madoguchi') \gexec
REVOKE ALL ON DATABASE madoguchi FROM PUBLIC;
GRANT CONNECT ON DATABASE madoguchi TO portal_app;

\connect madoguchi
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
