/** Schedules for users' own tests: `import { readSchedule, replay } from 'hmmcheck/schedules'`. */
export { arbitraryRun, walk } from './arbitrary.ts'
export { digestOf } from './digest.ts'
export { readSchedule } from './read.ts'
export { originOf, record } from './record.ts'
export { follow, replay } from './replay.ts'
export type { Replay } from './replay.ts'
export type { Schedule, ScheduleConfiguration, ScheduleProperty, ScheduleStep } from './schedule.ts'
export { writeSchedule } from './write.ts'
