"""a version of each assembly, which triggers renew with each change"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

# The assembly that a row belongs to.
OWNERS = {
    "assemblies": "{row}.id",
    "uploads": "{row}.assembly_id",
    "files": "{row}.assembly_id",
    "jobs": "{row}.assembly_id",
    "notifications": "{row}.assembly_id",
    "delivery_attempts": "(SELECT assembly_id FROM notifications WHERE id = {row}.notification_id)",
}
ROWS = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}
# Random, not counted: an id that is used anew after its assembly was deleted must not meet its old versions.
RANDOM = {"sqlite": "random()", "postgresql": "CAST(random() * 9007199254740992 AS bigint)"}


def upgrade():
    op.create_table(
        "assembly_versions",
        sa.Column("assembly_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("assembly_id"),
    )
    dialect = op.get_bind().dialect.name
    version = RANDOM[dialect]
    op.execute(f"INSERT INTO assembly_versions (assembly_id, version) SELECT id, {version} FROM assemblies")
    create = {"sqlite": _create_in_sqlite, "postgresql": _create_in_postgresql}[dialect]
    for table, owner in OWNERS.items():
        for event, row in ROWS.items():
            renewal = f"UPDATE assembly_versions SET version = {version} WHERE assembly_id = {owner.format(row=row)}"
            create(table, event, renewal)
    create("assemblies", "INSERT", f"INSERT INTO assembly_versions VALUES (NEW.id, {version})", name="first")
    create("assemblies", "DELETE", "DELETE FROM assembly_versions WHERE assembly_id = OLD.id", name="last")


def _create_in_sqlite(table, event, statement, *, name="next"):
    op.execute(f"CREATE TRIGGER {_name(table, event, name)} AFTER {event} ON {table} BEGIN {statement}; END")


def _create_in_postgresql(table, event, statement, *, name="next"):
    trigger = _name(table, event, name)
    op.execute(
        f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {statement}; RETURN NULL; END $$"
    )
    op.execute(f"CREATE TRIGGER {trigger} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {trigger}()")


def _name(table, event, name):
    return f"{name}_version_after_{event.lower()}_in_{table}"
