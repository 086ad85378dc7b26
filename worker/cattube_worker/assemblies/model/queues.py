"""The queues in which jobs wait."""

# Uploads are probed in a queue of their own, because clients wait for the result. BATCH holds the steps with
# "queue": "batch", which never delay the others, and SPEECH those that recognise speech, which do not even
# delay those of BATCH. "looks" is the word of earlier versions, which stands in their databases.
PROBE, WORK, BATCH, SPEECH = "looks", "work", "batch", "speech"
# Those of jobs for which nobody waits, and those of what any worker host may run. Most urgent first.
UNAWAITED = (BATCH, SPEECH)
BY_URGENCY = (WORK, *UNAWAITED)
