// Every page: the looks, the theme switch, the search field, links that copy.
import '../css/cattube.css'
import { startTypeAhead } from '../search/type-ahead'
import { startCopyButtons } from '../ui/clipboard'
import { startSearchShortcut } from '../ui/shortcuts'
import { startThemeSwitch } from '../ui/theme'

startThemeSwitch()
startSearchShortcut()
startTypeAhead()
startCopyButtons()
