"""a version of each assembly, which triggers renew: see version_triggers"""

import sqlalchemy as sa
from alembic import op

from cattube_worker.migrations.version_triggers import VERSION

revision = "0008"
down_revision = "0007"


def upgrade():
    op.create_table(
        "assembly_versions",
        sa.Column("assembly_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("assembly_id"),
    )
    version = VERSION[op.get_bind().dialect.name]
    op.execute(f"INSERT INTO assembly_versions (assembly_id, version) SELECT id, {version} FROM assemblies")
