// Text and JSON stored in this browser. Storage may be forbidden or full: then nothing is stored, and nothing breaks.

export function loadText(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

export function storeText(key: string, text: string): void {
  try {
    localStorage.setItem(key, text)
  } catch {
    // Private windows may refuse.
  }
}

export function removeText(key: string): void {
  try {
    localStorage.removeItem(key)
  } catch {
    // Then there is nothing to remove either.
  }
}

export function loadJson<T>(key: string, fallback: T): T {
  try {
    return (JSON.parse(loadText(key) ?? 'null') as T | null) ?? fallback
  } catch {
    return fallback
  }
}

export const storeJson = (key: string, value: unknown) => storeText(key, JSON.stringify(value))
