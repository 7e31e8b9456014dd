/** A whole number from 1 to `most` that a person wrote; null if it is none. */
export function wholeOf(text: string, most: number): number | null {
  const found = /^\d{1,9}$/.test(text.trim()) ? Number(text) : 0;
  return found >= 1 && found <= most ? found : null;
}
