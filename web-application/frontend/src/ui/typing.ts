// Single-key shortcuts must not fire while somebody writes.
const TEXT_FIELDS =
  'input:not([type=range], [type=radio], [type=checkbox], [type=button], [type=submit]), textarea, select'

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches(TEXT_FIELDS))
}
