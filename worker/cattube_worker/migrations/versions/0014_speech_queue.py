"""transcriptions that wait among other batch work, in the queue of their own that they have since"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

ROBOT = "/speech/transcribe"


def upgrade():
    # Only the steps tell: no column says what a job of the queue "batch" does.
    jobs = sa.table("jobs", *map(sa.column, ("id", "assembly_id", "node", "queue", "state")))
    assemblies = sa.table("assemblies", *map(sa.column, ("id", "steps")))
    open_jobs = (
        sa.select(jobs.c.id, jobs.c.node, assemblies.c.steps)
        .join_from(jobs, assemblies, assemblies.c.id == jobs.c.assembly_id)
        .where(jobs.c.queue == "batch", jobs.c.state.in_(("waiting", "running")))
        .where(assemblies.c.steps.like(f"%{ROBOT}%"))
    )
    connection = op.get_bind()
    for job_id, node, steps in connection.execute(open_jobs).all():
        # Such a step is a node by itself, which has its name.
        if json.loads(steps).get(node, {}).get("robot") == ROBOT:
            connection.execute(sa.update(jobs).where(jobs.c.id == job_id).values(queue="speech"))
