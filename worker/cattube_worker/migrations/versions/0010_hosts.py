"""the host that has the bytes of an upload, and its address"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"


def upgrade():
    # Not in a batch, as in 0006.
    op.add_column("uploads", sa.Column("host", sa.Text(), nullable=True))
    op.create_table(
        "ingest_hosts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("internal_url", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
