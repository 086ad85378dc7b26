"""a version of each assembly, which version_triggers.py fills in and renews"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade():
    op.create_table(
        "assembly_versions",
        sa.Column("assembly_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("assembly_id"),
    )
