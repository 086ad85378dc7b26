"""Settings of the engine: each declared once, read in one place, checked before anything starts.

The name of a setting is that of its field in capitals. A value is looked for in the environment, then in
`.env`, then in `config.json`, then in the files of secrets; an empty one counts as none, and without any the
default is used. docs/configuration.md lists the same names, defaults and meanings; a test compares.
"""

from cattube_worker.settings.environment import EnvironmentSettings as EnvironmentSettings
from cattube_worker.settings.limits import ConfigSettings as ConfigSettings
from cattube_worker.settings.loading import load_settings as load_settings
from cattube_worker.settings.settings import ROOM as ROOM
from cattube_worker.settings.settings import Settings as Settings
from cattube_worker.settings.sources import SettingsError as SettingsError
