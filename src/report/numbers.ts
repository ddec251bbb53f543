/** Numbers as a reader takes them in. */

/** `1,234,567` */
export function showCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `1 state`, `1,234 states`. */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${showCount(count)} ${count === 1 ? noun : many}`
}

/** `950`, `48 thousand`, `6.7 million`. */
export function showRough(number: number): string {
  if (!Number.isFinite(number)) return '0'
  if (number >= 999_500) return `${(number / 1e6).toFixed(number < 9.95e6 ? 1 : 0)} million`
  return number >= 9_500 ? `${Math.round(number / 1e3)} thousand` : showCount(number)
}

/** `0.04 s`, `12.3 s`, `4 min 10 s`. */
export function showSeconds(seconds: number): string {
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`
  if (seconds < 119.5) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)} min ${whole % 60} s`
}

/** `812 MiB`, `3.1 GiB`. */
export function showBytes(bytes: number): string {
  const mebibytes = bytes / 2 ** 20
  return mebibytes >= 1000 ? `${(mebibytes / 1024).toFixed(1)} GiB` : `${Math.round(mebibytes)} MiB`
}
