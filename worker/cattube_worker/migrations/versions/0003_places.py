"""places of uploads and notifications within their assembly, and uploads that are parts of a file"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade():
    for table in ("uploads", "notifications"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("place", sa.BigInteger(), nullable=False, server_default="0"))
        op.execute(
            f"UPDATE {table} SET place = (SELECT count(*) FROM {table} AS earlier"
            f" WHERE earlier.assembly_id = {table}.assembly_id"
            f" AND (earlier.created_at, earlier.id) < ({table}.created_at, {table}.id))"
        )
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.add_column(sa.Column("concat", sa.Text(), nullable=False, server_default=""))
