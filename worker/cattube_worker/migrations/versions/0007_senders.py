"""whose assemblies are, and for which video"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade():
    # Nobody is known to have sent those that are there. Not in a batch, as in 0006.
    for name in ("owner", "video", "network"):
        op.add_column("assemblies", sa.Column(name, sa.Text(), nullable=True))
