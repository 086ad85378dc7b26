"""jobs for parts of a video that are encoded side by side"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade():
    # Not in a batch, as in 0006.
    op.add_column("jobs", sa.Column("part_of", sa.Text(), nullable=True))
    op.add_column("jobs", sa.Column("part", sa.JSON(none_as_null=True), nullable=True))
    op.create_index("ix_jobs_part_of", "jobs", ["part_of"])
