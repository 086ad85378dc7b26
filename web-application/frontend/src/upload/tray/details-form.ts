// The form beside the tray: edits the selected video and saves by itself, one change after the other.
import { ApiError } from '../../api/client'
import { changeVideo, type Details, type Video, type Visibility } from '../../api/videos'

const SAVE_AFTER_MS = 600

export class DetailsForm {
  #video: Video | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #isDirty = false
  #saving: Promise<void> = Promise.resolve()

  constructor(
    private readonly form: HTMLFormElement,
    private readonly onSaved: (video: Video, details: Details) => void,
  ) {
    form.addEventListener('input', () => this.#changed())
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      void this.save('Saved')
    })
  }

  get videoId(): string | null {
    return this.#video?.id ?? null
  }

  /** Show a video. Typing that was not saved yet is saved for the video it belongs to. */
  show(video: Video): void {
    if (video.id === this.#video?.id) return
    if (this.#isDirty) void this.save('Draft saved')
    this.#video = video
    this.#field('title').value = video.title
    this.#field('description').value = video.description
    this.#field('tags').value = video.tags.join(', ')
    for (const choice of this.form.querySelectorAll<HTMLInputElement>('[name="visibility"]')) {
      choice.checked = choice.value === video.visibility
    }
    this.#linkField().value = new URL(video.url, location.origin).href
    this.#role<HTMLAnchorElement>('open').href = video.url
    this.#say('')
    this.#showTitleError('')
    this.form.hidden = false
  }

  hide(): void {
    clearTimeout(this.#timer)
    this.#isDirty = false
    this.#video = null
    this.form.hidden = true
  }

  /** Send what was typed. Resolves when the server has it, or has said no. */
  save(words: string): Promise<void> {
    clearTimeout(this.#timer)
    const video = this.#video
    const details = this.#details()
    if (!video || !this.#isValid(details)) return Promise.resolve()
    this.#isDirty = false
    this.#say('Saving')
    this.#saving = this.#saving.then(() => this.#send(video, details, words))
    return this.#saving
  }

  #changed(): void {
    this.#isDirty = true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.save('Draft saved'), SAVE_AFTER_MS)
  }

  async #send(video: Video, details: Details, words: string): Promise<void> {
    try {
      this.onSaved(await changeVideo(video.id, details), details)
      if (!this.#isDirty) this.#say(words)
    } catch (error) {
      this.#isDirty = true
      this.#say(`Not saved: ${error instanceof ApiError ? error.message : 'try again'}`)
    }
  }

  #isValid({ title }: Details): boolean {
    const error = title ? '' : 'A video needs a title'
    this.#showTitleError(error)
    if (error) this.#say('')
    return !error
  }

  #details(): Details {
    const chosen = this.form.querySelector<HTMLInputElement>('[name="visibility"]:checked')
    return {
      title: this.#field('title').value.trim(),
      description: this.#field('description').value,
      tags: splitTags(this.#field('tags').value),
      visibility: (chosen?.value ?? 'private') as Visibility,
    }
  }

  #showTitleError(text: string): void {
    const field = this.#field('title')
    const error = document.getElementById(`${field.id}-error`)
    field.setAttribute('aria-invalid', String(text !== ''))
    if (!error) return
    error.textContent = text
    error.hidden = text === ''
  }

  #say(text: string): void {
    this.#role('saved').textContent = text
  }

  #field(name: string): HTMLInputElement | HTMLTextAreaElement {
    return this.form.elements.namedItem(name) as HTMLInputElement | HTMLTextAreaElement
  }

  #linkField(): HTMLInputElement {
    return this.form.querySelector<HTMLInputElement>('.link-field') as HTMLInputElement
  }

  #role<T extends HTMLElement>(role: string): T {
    return this.form.querySelector<T>(`[data-role="${role}"]`) as T
  }
}

/** `desert, Morocco ,` as a list: trimmed, without repetition, empty ones left out. */
export function splitTags(text: string): string[] {
  return [
    ...new Set(
      text
        .split(',')
        .map((tag) => tag.trim())
        .filter(Boolean),
    ),
  ]
}
