"""the host that has the bytes of an upload, its address, and the host that encodes it meanwhile"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade():
    # Not in a batch, as in 0006.
    op.add_column("uploads", sa.Column("host", sa.Text(), nullable=True))
    op.create_table(
        "ingest_hosts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("internal_url", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "streaming_leases",
        sa.Column("upload_id", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("lease_until", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("upload_id"),
    )
