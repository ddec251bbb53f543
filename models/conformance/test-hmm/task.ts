/** A thread of the recording: it may do whatever threads do that use the driver, and in any order. */
import { Idle, Loop, size, thread } from 'hmmcheck'
import { alternatives } from './alternatives.ts'
import { release } from './bracket.ts'
import { activity } from './cpu-faults.ts'
import { dmirror_fops_release, open } from './files.ts'
import { dmirror_fops_unlocked_ioctl } from './ioctl.ts'
import { cpu_write, other_user } from './program.ts'
import { Task } from './state.ts'

/** Everything that a thread may do. */
export const task = thread(
  'task',
  () => {
    Loop(() => {
      Idle()
      alternatives([
        dmirror_fops_unlocked_ioctl,
        open,
        dmirror_fops_release,
        release,
        ...activity(),
        cpu_write,
        ...other_user(),
      ])
    })
  },
  { count: size(Task), daemon: true },
)
