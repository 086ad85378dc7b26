"""Error messages: why a video failed, in one sentence for its owner. Pure."""

NOT_A_VIDEO = "INVALID_INPUT_ERROR"
EXPIRED = "ASSEMBLY_EXPIRED"
TOOK_TOO_LONG = "INTERNAL_COMMAND_TIMEOUT"
NO_ROOM = "TRANSIENT_STORAGE_SERVICE_ERROR"
LOST = "ASSEMBLY_NOT_FOUND"
NOT_ACCEPTED = "ASSEMBLY_COULD_NOT_BE_CREATED"

UNREADABLE = "Not a video we can read"
BROKEN = (
    "Something broke while this was processed. Try again; if it breaks again, try another copy of the file."
)
NOT_STORED = "The finished video could not be stored. Try again later."

MESSAGES = {
    NOT_A_VIDEO: UNREADABLE,
    "FILE_META_DATA_ERROR": UNREADABLE,
    "INVALID_FILE_META_DATA": UNREADABLE,
    "FILE_FILTER_DECLINED_FILE": UNREADABLE,
    "POSSIBLY_MALICIOUS_FILE_FOUND": UNREADABLE,
    "MAX_SIZE_EXCEEDED": "The file is larger than this site accepts. Make it smaller and upload it again.",
    TOOK_TOO_LONG: "This took longer than the site allows. Upload a shorter or smaller video.",
    EXPIRED: "The upload did not finish in time. Upload the file again.",
    LOST: "The upload was lost on the way. Upload the file again.",
    NOT_ACCEPTED: "Nothing could process this video. Your file was fine; try again later.",
    NO_ROOM: "There is no room left on the disk of this site. Your file was fine; try again later.",
    "S3_IMPORT_NOT_FOUND": "The upload was lost on the way. Upload the file again.",
    "ASSEMBLY_CANCELED": "The upload was cancelled. Upload the file again if you still want it.",
    "REQUEST_ABORTED": "The upload was broken off. Upload the file again.",
}
NOT_STORED_ENDINGS = ("_STORE_ACCESS_DENIED", "_STORE_NOT_FOUND", "_STORE_FAILURE", "_STORE_WRONG_REGION")


# Of these, nobody has the whole file but its owner.
NEVER_ARRIVED = {EXPIRED, LOST, "S3_IMPORT_NOT_FOUND", "ASSEMBLY_CANCELED", "REQUEST_ABORTED"}
# The engine says what is wrong with the file, often with a number that nobody else has.
REFUSALS = {NOT_A_VIDEO, "MAX_SIZE_EXCEEDED", TOOK_TOO_LONG}


def message_for(error_code: str, words: str = "") -> str:
    """Sentence for a code of Transloadit's list; a general one for codes that it does not know.

    words: the engine's own, which tell a refusal best.
    """
    if words and error_code in REFUSALS:
        return words
    if error_code.endswith(NOT_STORED_ENDINGS):
        return NOT_STORED
    return MESSAGES.get(error_code, BROKEN)
