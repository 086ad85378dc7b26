"""the hosts that take no jobs that others may run"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade():
    # Not in a batch, as in 0006. Hosts of older versions do not tell.
    op.add_column("hosts", sa.Column("takes_jobs", sa.Boolean(), nullable=False, server_default=sa.true()))
