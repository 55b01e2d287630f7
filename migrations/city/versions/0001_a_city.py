"""People, procedures, cases with their places and events, files, messages and map layers of one city."""

from pathlib import Path

import sqlalchemy as sa
from alembic import context, op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

CASE_PLACE = Path(__file__).parents[1] / "sql" / "case_place.sql"

CASE_NUMBER = """
CREATE SEQUENCE case_number;
CREATE FUNCTION next_case_number(letter text, day date) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT letter || '-' || to_char(day, 'MMDD') || '-' || lpad(n::text, greatest(5, length(n::text)), '0')
    FROM nextval('case_number') AS n
$$;
"""

EVENT_CHAIN = """
CREATE TABLE event_chain (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), hash bytea NOT NULL);
INSERT INTO event_chain (hash) VALUES (sha256('madoguchi'::bytea));
CREATE FUNCTION chain_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, public AS $$
BEGIN
    SELECT hash INTO NEW.prev_hash FROM event_chain FOR UPDATE;
    NEW.hash := sha256(NEW.prev_hash || convert_to(concat_ws('|', NEW.case_id, NEW.name, NEW.actor_kind,
        coalesce(NEW.actor_id::text, ''), extract(epoch FROM NEW.at)::text, NEW.data::text), 'UTF8'));
    UPDATE event_chain SET hash = NEW.hash;
    RETURN NEW;
END $$;
CREATE TRIGGER chain_event BEFORE INSERT ON case_event FOR EACH ROW EXECUTE FUNCTION chain_event();
REVOKE ALL ON event_chain FROM {schema};
REVOKE UPDATE, DELETE ON case_event FROM {schema};
"""
"""Events can only be added, and only the trigger moves the chain: it runs as the owner of the schema."""


def upgrade() -> None:
    people_procedures_and_cases()
    map_layers()
    run(CASE_PLACE.read_text(encoding="utf-8"))
    run(CASE_NUMBER)
    run(EVENT_CHAIN.replace("{schema}", context.config.attributes["schema"]))


def run(statements: str) -> None:
    """Several statements in plain SQL."""
    op.get_bind().connection.cursor().execute(statements)


def people_procedures_and_cases() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), server_default="ja", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("email", name="uq_account_email"),
    )
    op.create_table(
        "department",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", postgresql.JSONB(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("sort", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_department"),
        sa.UniqueConstraint("key", name="uq_department_key"),
    )
    op.create_table(
        "login_code",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=True),
        sa.Column("browser", sa.LargeBinary(), nullable=True),
        sa.Column("code_digest", sa.LargeBinary(), nullable=True),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('sign_in', 'resume')", name="ck_login_code_purpose"),
        sa.PrimaryKeyConstraint("id", name="pk_login_code"),
        sa.UniqueConstraint("token_digest", name="uq_login_code_token_digest"),
    )
    op.create_index("ix_login_code_email_created_at", "login_code", ["email", "created_at"], unique=False)
    op.create_table(
        "mail_message",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('waiting', 'sent', 'failed')", name="ck_mail_message_status"),
        sa.PrimaryKeyConstraint("id", name="pk_mail_message"),
    )
    op.create_index("ix_mail_message_case_id", "mail_message", ["case_id"], unique=False)
    op.create_index(
        "ix_mail_message_waiting", "mail_message", ["id"], unique=False, postgresql_where=sa.text("status = 'waiting'")
    )
    op.create_table(
        "rate_limit",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hits", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", "key", "window_start", name="pk_rate_limit"),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=False),
        sa.Column("totp_last_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("email", name="uq_staff_email"),
    )
    op.create_table(
        "web_session",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_web_session"),
    )
    op.create_index("ix_web_session_account_id", "web_session", ["account_id"], unique=False)
    op.create_index("ix_web_session_expires_at", "web_session", ["expires_at"], unique=False)
    op.create_index("ix_web_session_staff_id", "web_session", ["staff_id"], unique=False)
    op.create_table(
        "procedure",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("current_version_id", sa.BigInteger(), nullable=True),
        sa.Column("sort", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_procedure_department_id"),
        sa.PrimaryKeyConstraint("id", name="pk_procedure"),
        sa.UniqueConstraint("key", name="uq_procedure_key"),
    )
    op.create_index("ix_procedure_department_id", "procedure", ["department_id"], unique=False)
    op.create_table(
        "staff_role",
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "role IN ('clerk', 'decider', 'cashier', 'publisher', 'inspector', 'admin')", name="ck_staff_role_role"
        ),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_staff_role_department_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_role_staff_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("staff_id", "department_id", "role", name="pk_staff_role"),
    )
    op.create_table(
        "staff_sign_in",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_sign_in_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_staff_sign_in"),
    )
    op.create_index("ix_staff_sign_in_staff_id", "staff_sign_in", ["staff_id"], unique=False)
    op.create_table(
        "procedure_version",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("procedure_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("edited_by", sa.BigInteger(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.BigInteger(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('draft', 'published', 'replaced', 'closed')", name="ck_procedure_version_status"
        ),
        sa.ForeignKeyConstraint(["edited_by"], ["staff.id"], name="fk_procedure_version_edited_by"),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedure.id"], name="fk_procedure_version_procedure_id"),
        sa.ForeignKeyConstraint(["published_by"], ["staff.id"], name="fk_procedure_version_published_by"),
        sa.PrimaryKeyConstraint("id", name="pk_procedure_version"),
        sa.UniqueConstraint("procedure_id", "number", name="uq_procedure_version_procedure_id_number"),
    )
    op.create_foreign_key(
        "fk_procedure_current_version_id", "procedure", "procedure_version", ["current_version_id"], ["id"]
    )
    op.create_index(
        "uq_procedure_version_one_draft",
        "procedure_version",
        ["procedure_id"],
        unique=True,
        postgresql_where=sa.text("status = 'draft'"),
    )
    op.create_index(
        "uq_procedure_version_one_published",
        "procedure_version",
        ["procedure_id"],
        unique=True,
        postgresql_where=sa.text("status = 'published'"),
    )
    op.create_table(
        "case_file",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=True),
        sa.Column("procedure_key", sa.Text(), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("assignee_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("applicant_name", sa.Text(), nullable=False),
        sa.Column("place_label", sa.Text(), nullable=False),
        sa.Column("contact_email", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("answers", postgresql.JSONB(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("fee", postgresql.JSONB(), nullable=False),
        sa.Column("search_bigrams", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("unread", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('new', 'review', 'fix', 'wait', 'ok', 'no')", name="ck_case_file_status"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_case_file_account_id"),
        sa.ForeignKeyConstraint(["assignee_id"], ["staff.id"], name="fk_case_file_assignee_id"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_case_file_department_id"),
        sa.ForeignKeyConstraint(["version_id"], ["procedure_version.id"], name="fk_case_file_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_file"),
        sa.UniqueConstraint("draft_id", name="uq_case_file_draft_id"),
        sa.UniqueConstraint("number", name="uq_case_file_number"),
        sa.UniqueConstraint("public_id", name="uq_case_file_public_id"),
    )
    op.create_index(
        "ix_case_file_account", "case_file", ["account_id", sa.literal_column("submitted_at DESC")], unique=False
    )
    op.create_index(
        "ix_case_file_assignee",
        "case_file",
        ["assignee_id", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_case_file_open_all_due",
        "case_file",
        ["due_on", "id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_case_file_open_due",
        "case_file",
        ["department_id", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_case_file_procedure_key", "case_file", ["procedure_key"], unique=False)
    op.create_index("ix_case_file_search", "case_file", ["search_bigrams"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_case_file_submitted",
        "case_file",
        ["department_id", sa.literal_column("submitted_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_case_file_version_id", "case_file", ["version_id"], unique=False)
    op.create_table(
        "draft",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("procedure_key", sa.Text(), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("answers", postgresql.JSONB(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("done_steps", postgresql.JSONB(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_draft_account_id"),
        sa.ForeignKeyConstraint(["version_id"], ["procedure_version.id"], name="fk_draft_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
        sa.UniqueConstraint("public_id", name="uq_draft_public_id"),
    )
    op.create_index("ix_draft_account_id", "draft", ["account_id"], unique=False)
    op.create_index("ix_draft_expires_at", "draft", ["expires_at"], unique=False)
    op.create_table(
        "case_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_case_event_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_event"),
    )
    op.create_table(
        "case_message",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("sender_name", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("sender IN ('applicant', 'staff')", name="ck_case_message_sender"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_case_message_case_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_case_message_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_message"),
    )
    op.create_index("ix_case_message_case_id", "case_message", ["case_id"], unique=False)
    op.create_table(
        "case_place",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("procedure_key", sa.Text(), nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=False),
        sa.Column("assignee_id", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area_m2", sa.Double(), nullable=True),
        sa.Column("length_m", sa.Double(), nullable=True),
        sa.CheckConstraint("status IN ('new', 'review', 'fix', 'wait', 'ok', 'no')", name="ck_case_place_status"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_case_place_case_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_case_place"),
    )
    op.create_table(
        "stored_file",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=True),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("scan", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("scan IN ('waiting', 'clean', 'infected', 'failed')", name="ck_stored_file_scan"),
        sa.CheckConstraint("size > 0", name="ck_stored_file_size"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_stored_file_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_stored_file"),
        sa.UniqueConstraint("public_id", name="uq_stored_file_public_id"),
    )
    op.create_index("ix_stored_file_case_id", "stored_file", ["case_id"], unique=False)
    op.create_index("ix_stored_file_draft_id", "stored_file", ["draft_id"], unique=False)
    op.create_table(
        "file_content",
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name="fk_file_content_file_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("file_id", name="pk_file_content"),
    )


def map_layers() -> None:
    op.create_table(
        "layer",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", postgresql.JSONB(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("style", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("visible_to", sa.Text(), server_default=sa.text("'public'"), nullable=False),
        sa.Column("sort", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("source", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("kind IN ('polygon', 'line', 'point')", name="ck_layer_kind"),
        sa.CheckConstraint("visible_to IN ('public', 'staff')", name="ck_layer_visible_to"),
        sa.PrimaryKeyConstraint("id", name="pk_layer"),
        sa.UniqueConstraint("key", name="uq_layer_key"),
    )
    op.create_table(
        "layer_feature",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("layer_id", sa.BigInteger(), nullable=False),
        sa.Column("properties", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("geom", Geometry(srid=4326, spatial_index=False), nullable=False),
        sa.ForeignKeyConstraint(["layer_id"], ["layer.id"], name="fk_layer_feature_layer_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_layer_feature"),
    )
    op.create_index("ix_layer_feature_geom", "layer_feature", ["geom"], unique=False, postgresql_using="gist")
    op.create_index("ix_layer_feature_layer_id_id", "layer_feature", ["layer_id", "id"], unique=False)
