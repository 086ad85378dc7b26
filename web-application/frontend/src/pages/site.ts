// Every page: the looks, the theme switch, the search field, links that copy, dialogs, the sheet of keys.
import '../css/cattube.css'
import { startTypeAhead } from '../search/type-ahead'
import { startCopyButtons } from '../ui/clipboard'
import { startDialogs } from '../ui/dialogs'
import { startKeySheet, startSearchShortcut } from '../ui/shortcuts'
import { startThemeSwitch } from '../ui/theme'

startThemeSwitch()
startSearchShortcut()
startTypeAhead()
startCopyButtons()
startDialogs()
startKeySheet()
