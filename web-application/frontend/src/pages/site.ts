// Every page: the looks, the theme switch, the search key, links that copy.
import '../css/cattube.css'
import { startCopyButtons } from '../ui/clipboard'
import { startSearchShortcut } from '../ui/shortcuts'
import { startThemeSwitch } from '../ui/theme'

startThemeSwitch()
startSearchShortcut()
startCopyButtons()
