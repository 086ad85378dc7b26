"""Settings of the site as a table: data, so that a test can compare it with the documentation."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """One name that an operator may set.

    default: empty means not set or, where the meaning says so, made at first start.
    """

    name: str
    default: str
    meaning: str


SETTINGS: tuple[Setting, ...] = (
    Setting("CATTUBE_DATA", "../data", "Folder for all state: databases, videos, secrets, static files"),
    Setting("SECRET_KEY", "", "Signs sessions and local links; made at first start in data/site-secrets.env"),
    Setting(
        "CATTUBE_ADMIN_PASSWORD",
        "",
        "Password of the first account `admin`; empty makes one, in data/first-password.txt",
    ),
    Setting("SITE_NAME", "CatTube", "Name shown in the header and in titles"),
    Setting(
        "SITE_URL",
        "",
        "Public address, as https://tube.example.org; https switches on secure cookies and HSTS",
    ),
    Setting(
        "ALLOWED_HOSTS",
        "",
        "More host names the site answers to, by comma; loopback and SITE_URL always count",
    ),
    Setting(
        "TRUST_PROXY", "false", "true behind a proxy of yours that sets X-Forwarded-Proto and X-Forwarded-For"
    ),
    Setting("HOST", "127.0.0.1", "Address the web server binds"),
    Setting("WEB_PORT", "8000", "Port of the site"),
    Setting("WORKER_PORT", "5678", "Port of the engine on this machine"),
    Setting(
        "FRONT",
        "auto",
        "auto has `make run` start nginx before site and engine, apache has it start Apache with the site in "
        "it, off leaves that work to a proxy of yours",
    ),
    Setting(
        "RECONCILE",
        "apart",
        "inside has the server reconcile in a thread, apart leaves it to `manage.py reconcile --watch`",
    ),
    Setting(
        "WEB_SOCKET",
        "",
        "Unix socket to listen on in the place of HOST, for a proxy that names the client in X-Real-IP",
    ),
    Setting(
        "SEND_FILES",
        "self",
        "x-accel-redirect leaves the sending of files to nginx, x-sendfile to Apache, self does it in a "
        "thread for each viewer",
    ),
    Setting("WEB_THREADS", "16", "Requests answered at the same time"),
    Setting("DEBUG", "false", "true shows details of errors to everybody: never on a public site"),
    Setting("SIGN_UP", "closed", "open lets anyone make an account; closed leaves it to the administrator"),
    Setting(
        "EMAIL_URL",
        "",
        "Mail server for links to a new password, as smtp://user:password@host; empty sends no mail",
    ),
    Setting(
        "DEFAULT_VISIBILITY", "private", "Of a new video: public, unlisted (who has the link) or private"
    ),
    Setting("MAX_UPLOAD_BYTES", "8589934592", "Largest file accepted, in bytes"),
    Setting(
        "MAX_BYTES_PER_USER",
        "",
        "Most bytes that the videos of one person may take up, the trash included; 0: no limit; empty: "
        "20000000000 with open sign-up, else no limit",
    ),
    Setting("LINK_SECONDS", "3600", "Life of a link to a video file, in seconds, at most 3600"),
    Setting("TRASH_DAYS", "30", "Days until what lies in the trash is deleted for ever"),
    Setting(
        "DATABASE_URL",
        "",
        "PostgreSQL, as postgresql://user:password@host/name; empty: SQLite in CATTUBE_DATA",
    ),
    Setting("TRANSLOADIT_KEY", "", "Auth key; empty uses our engine with the one in data/secrets.env"),
    Setting("TRANSLOADIT_SECRET", "", "Auth secret that belongs to TRANSLOADIT_KEY"),
    Setting("TRANSLOADIT_TEMPLATE_ID", "cattube", "Template that new videos are processed with"),
    Setting(
        "TRANSLOADIT_SERVICE",
        "",
        "Address of the engine; empty is ours, or hosted Transloadit with a key of yours",
    ),
    Setting("AWS_S3_REGION_NAME", "", "Region of the buckets"),
    Setting("AWS_ACCESS_KEY_ID", "", "Key id for the buckets"),
    Setting("AWS_SECRET_ACCESS_KEY", "", "Key for the buckets"),
    Setting(
        "AWS_PRIVATE_BUCKET_NAME", "", "Private bucket for videos; empty keeps them in the folder data/bucket"
    ),
    Setting("AWS_STORAGE_BUCKET_NAME", "", "Public bucket for static files; empty serves them from the site"),
    Setting("AWS_S3_ENDPOINT_URL", "", "S3 endpoint; empty is the one Backblaze B2 has in the region"),
    Setting(
        "AWS_S3_CUSTOM_DOMAIN",
        "",
        "Host of a CDN that browsers use in the endpoint's place; empty is the endpoint itself",
    ),
    Setting(
        "CAPTIONS",
        "off",
        "Captions that the engine makes of speech: off, manual (owners ask for them) or auto (of each video)",
    ),
    Setting(
        "UPLOAD_TO",
        "engine",
        "engine sends files to the engine, bucket straight to AWS_PRIVATE_BUCKET_NAME and then to a worker",
    ),
    Setting(
        "TRANSCODER_WEBHOOK",
        "",
        "Where videos already in the bucket are announced, by POST or by a queue; empty is `/videos` of the "
        "engine next door",
    ),
    Setting(
        "NOTIFICATIONS_URL",
        "",
        "Where the engine reports to: the site as http://host:port, or a queue; empty is SITE_URL or this "
        "machine",
    ),
    Setting("VIDEOS_TOKEN", "", "Token that the worker of TRANSCODER_WEBHOOK wants; made at first start"),
)
