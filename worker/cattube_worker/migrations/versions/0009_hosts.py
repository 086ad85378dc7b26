"""hosts, the host that a job is for, and jobs that worker hosts were not told of yet"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade():
    # Not in a batch: SQLite would make the table anew.
    op.add_column("jobs", sa.Column("host", sa.Text(), nullable=True))
    op.create_table(
        "hosts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Float(precision=53), nullable=False),
        sa.Column("seen_at", sa.Float(precision=53), nullable=False),
        sa.Column("clock_offset_seconds", sa.Float(precision=53), nullable=False),
        sa.Column("ffmpeg_version", sa.Text(), nullable=True),
        sa.Column("missing_encoders", sa.JSON(), nullable=False),
        sa.Column("running", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "announcements",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
