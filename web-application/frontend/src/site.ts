// What every page has: the looks, the theme switch, the search key, links that copy.
import './css/cattube.css'
import { startCopyButtons } from './copy'
import { startSearchKey } from './search-key'
import { startThemeSwitch } from './theme'

startThemeSwitch()
startSearchKey()
startCopyButtons()
