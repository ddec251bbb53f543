/** What falls together, under the names that the expectations give to it. */

/**
 * An entry that is left behind for good where there is one page, installed from a snapshot that is out of date or
 * beside an open bracket.
 */
export const leftAlone = ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-INV', 'P-RETRY', 'P-CONTENT']
/** The same where there is a second page to disagree on. */
export const leftBehind = ['P-AGREE', 'P-AGREE-STATE', ...leftAlone]
/** A notifier that is registered inside a bracket, and a struct hmm that does not count it. */
export const hookedInBracket = ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-INV', 'P-RETRY', 'P-BAL', 'P-BAL-PAIR']
/** A page is taken out of the page table, and no device is told of it. */
export const unannounced = ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-INV-CHANGE', 'P-RETRY']
export const mayNotSleep = 'misuse: sleeping function called from invalid context'
export const bugOnTrylock = 'misuse: BUG_ON(down_read_trylock(&mm->mmap_sem)) in mm_take_all_locks()'
export const bugOnUsers = 'misuse: BUG_ON(mm_users <= 0) in __mmu_notifier_register()'
export const freedHeld = 'misuse: freeing a held lock: hmm->mirrors_sem'
