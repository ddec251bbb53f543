/** Typical slips in a model's text that a type checker would find, as who has none meets them. */

/** One line that is wrong, where it stands, and what must be said of it. */
export interface Slip {
  readonly what: string
  readonly line: string
  /** In the body of a thread, or at the top of the file. */
  readonly where?: 'body' | 'top'
  /** Whether only Node itself, and no test in one process, shows what it does. */
  readonly loader?: true
  /** What is at fault in the line and is marked under it; nothing where only the line is known. */
  readonly marked: string
  readonly says: readonly string[]
}

export const slips: readonly Slip[] = [
  // conditions
  {
    what: "JavaScript's !",
    line: 'Await(!driver.dead)',
    marked: '!driver.dead',
    says: ['HMM036', "argument 1 of Await() is JavaScript's false, where a condition is expected", 'write not(x)'],
  },
  {
    what: "JavaScript's ==",
    line: 'Await(n == m)',
    marked: 'n == m',
    says: ['HMM036', "argument 1 of Await() is JavaScript's false", 'a.eq(b)'],
  },
  {
    what: "JavaScript's === with a number",
    line: 'If(n === 3, () => n.set(0))',
    marked: 'n === 3',
    says: ['HMM036', "argument 1 of If() is JavaScript's false"],
  },
  {
    what: "JavaScript's == with a number",
    line: 'Await(n == 3)',
    marked: 'n',
    says: ['HMM037', 'JavaScript takes n for a number or text', 'x.eq(y)'],
  },
  {
    what: "JavaScript's <",
    line: 'Await(n < 3)',
    marked: 'n',
    says: ['HMM037', 'JavaScript takes n for a number or text', 'x.lt(y)'],
  },
  {
    what: "JavaScript's &&, of which the first is false",
    line: 'Await(!driver.dead && driver.dead)',
    marked: '!driver.dead && driver.dead',
    says: ['HMM036', "JavaScript's false", 'and(...)'],
  },
  { what: 'true for a condition', line: 'Await(true)', marked: 'true', says: ['HMM036', "JavaScript's true", 'yes'] },
  {
    what: 'a number for a condition',
    line: 'If(n, () => n.set(0))',
    marked: 'n',
    says: ['HMM036', 'argument 1 of If() is n, which is int 0..3', 'compare it'],
  },
  {
    what: 'an optional for a condition',
    line: 'If(driver.owner, () => n.set(0))',
    marked: 'driver.owner',
    says: ['HMM036', 'is driver.owner, which is optional Thread', 'x.isSome'],
  },
  {
    what: 'a condition that is left out',
    line: 'Await()',
    marked: 'Await',
    says: ['HMM036', 'argument 1 of Await() is undefined'],
  },
  {
    what: 'a number in and',
    line: 'Await(and(driver.dead, n))',
    marked: 'n',
    says: ['HMM036', 'argument 2 of and() is n, which is int 0..3'],
  },
  {
    what: 'a comparison of JavaScript in or',
    line: 'Await(or(n === m, driver.dead))',
    marked: 'n === m',
    says: ['HMM036', "argument 1 of or() is JavaScript's false"],
  },
  {
    what: 'a call of a value',
    line: 'Await(driver.owner.isNone())',
    marked: 'isNone',
    says: ['HMM039', 'isNone is not a function', 'leave out the ()'],
  },
  {
    what: 'a method without ()',
    line: 'Await(n.eq)',
    marked: 'n.eq',
    says: ['HMM036', 'argument 1 of Await() is a function', 'call it: f()'],
  },
  { what: 'a while', line: 'while (n.eq(3)) break', marked: '', says: ['HMM017', 'lower-case if or while'] },
  // assignments
  {
    what: '= to a field',
    line: 'driver.dead = true',
    marked: 'dead',
    says: ['HMM037', 'driver.dead is assigned by =', 'write driver.dead.set(...)'],
  },
  {
    what: '= to a field that is not there',
    line: 'driver.deaf = true',
    marked: 'deaf',
    says: ['HMM037', 'driver.deaf is assigned by ='],
  },
  {
    what: '= to a variable',
    line: 'n = 3',
    marked: '',
    says: ['HMM039', 'Assignment to constant variable', 'write x.set(...)'],
  },
  {
    what: '++',
    line: 'driver.count++',
    marked: 'driver',
    says: ['HMM037', 'JavaScript takes driver.count for a number or text', 'x.increment()'],
  },
  {
    what: '+=',
    line: 'driver.count += 1',
    marked: 'driver',
    says: ['HMM037', 'JavaScript takes driver.count for a number or text'],
  },
  {
    what: 'a sum by +',
    line: 'n.set(m + 1)',
    marked: 'm',
    says: ['HMM037', 'JavaScript takes m for a number or text', 'x.plus(1)'],
  },
  {
    what: 'set of a field that is misspelt',
    line: 'driver.ded.set(true)',
    marked: 'ded',
    says: ['HMM038', 'driver has no ded; did you mean dead?'],
  },
  {
    what: 'set without a value',
    line: 'n.set()',
    marked: 'set',
    says: ['HMM036', 'argument 1 of set() is undefined, where a number is expected'],
  },
  {
    what: 'set of text where a number goes',
    line: "n.set('3')",
    marked: "'3'",
    says: ['HMM036', "argument 1 of set() is the text '3', where a number is expected"],
  },
  {
    what: 'a member that is misspelt',
    line: "state.set('prepard')",
    marked: "'prepard'",
    says: ['HMM036', "is the text 'prepard', where one of working, prepared is expected"],
  },
  {
    what: 'null for none',
    line: 'driver.owner.set(null)',
    marked: 'null',
    says: ['HMM036', 'argument 1 of set() is null, where Thread is expected'],
  },
  {
    what: 'set of a chosen value',
    line: "Choose('page', Page).set(current)",
    marked: 'set',
    says: ['HMM006', 'page.set: page cannot be assigned to'],
  },
  { what: 'set of a parameter', line: 'bump(n)', marked: 'bump', says: ['HMM015'] },
  // names and arguments
  {
    what: 'a field that is misspelt, as an operand',
    line: 'Await(n.eq(driver.cuont))',
    marked: 'cuont',
    says: ['HMM038', 'driver has no cuont; did you mean count?'],
  },
  {
    what: 'a case that is misspelt',
    line: "entry.set(Entry.presnt({ page: Choose('page', Page) }))",
    marked: 'presnt',
    says: ['HMM039', 'Entry.presnt is not a function', 'a name is misspelt'],
  },
  {
    what: 'a case without fields that is misspelt',
    line: 'entry.set(Entry.nome)',
    marked: 'Entry.nome',
    says: ['HMM036', 'argument 1 of set() is undefined, where union pte is expected'],
  },
  {
    what: 'a field of a case that is left out',
    line: 'entry.set(Entry.present({}))',
    marked: '{}',
    says: ['HMM036', 'the field page is undefined, where Page is expected'],
  },
  {
    what: 'a word that is not imported',
    line: "Cover('reached')",
    marked: 'Cover',
    says: ['HMM039', 'Cover is not defined', 'Cover is not imported', "import { Cover } from 'hmmcheck'"],
  },
  {
    what: 'a word that is misspelt',
    line: 'Awiat(driver.dead)',
    marked: 'Awiat',
    says: ['HMM039', 'Awiat is not defined', 'did you mean Await'],
  },
  {
    what: 'an argument of a procedure that is left out',
    line: 'reset()',
    marked: 'reset',
    says: ['HMM036', 'reset() takes one argument and is given 0'],
  },
  {
    what: 'an argument too many',
    line: 'reset(3, 4)',
    marked: 'reset',
    says: ['HMM036', 'reset() takes one argument and is given 2'],
  },
  {
    what: 'an undefined argument',
    line: 'reset(undefined)',
    marked: 'undefined',
    says: ['HMM036', 'argument 1 of reset() is undefined, where a number is expected'],
  },
  {
    what: 'a value where a place goes',
    line: 'put(3)',
    marked: '3',
    says: ['HMM036', 'argument 1 of put() is the number 3, where a reference to int 0..3 is expected'],
  },
  {
    what: 'an index that is undefined',
    line: 'cells.at(pages.first).set(0)',
    marked: 'pages.first',
    says: ['HMM036', 'argument 1 of at() is undefined, where Page is expected'],
  },
  {
    what: 'a field of undefined',
    line: 'n.set(pages.first.count)',
    marked: 'count',
    says: ['HMM039', 'Cannot read properties of undefined', 'pages.first is undefined'],
  },
  {
    what: 'a procedure that is not called',
    line: 'n.set(find)',
    marked: 'find',
    says: ['HMM036', 'argument 1 of set() is a function', 'call it: f()'],
  },
  // blocks
  {
    what: 'a statement where a block goes',
    line: 'If(driver.dead, n.set(3))',
    marked: 'n.set(3)',
    says: [
      'HMM036',
      'argument 2 of If() is a statement, which has no value, where a block, () => { ... }, is expected',
    ],
  },
  {
    what: 'a block that is left out',
    line: "Step('write')",
    marked: 'Step',
    says: ['HMM036', 'argument 2 of Step() is undefined, where a block'],
  },
  {
    what: 'a label that is left out',
    line: 'Step(() => n.set(3))',
    marked: '() => n.set(3)',
    says: ['HMM036', 'argument 1 of Step() is a function, where a name is expected'],
  },
  {
    what: 'a block that names a procedure',
    line: 'If(driver.dead, () => reset)',
    marked: 'If',
    says: ['HMM036', 'the block returns a function', 'call it: () => f()'],
  },
  {
    what: 'an asynchronous block',
    line: 'If(driver.dead, async () => { n.set(3) })',
    marked: 'If',
    says: ['HMM036', 'the block is asynchronous'],
  },
  {
    what: 'the value of a Step that has none',
    line: "n.set(Step('write', () => n.set(3)))",
    marked: "Step('write', () => n.set(3))",
    says: ['HMM036', 'argument 1 of set() is a statement, which has no value', 'let the block return the value'],
  },
  {
    what: 'a number returned',
    line: "Step('write', () => 3)",
    marked: 'Step',
    says: ['HMM036', 'the block of the Step returns the number 3'],
  },
  {
    what: 'IfSome of no optional',
    line: 'IfSome(n, () => n.set(0))',
    marked: 'n',
    says: ['HMM036', 'argument 1 of IfSome() is n, which is int 0..3, where an optional is expected'],
  },
  {
    what: 'Match of no union',
    line: 'Match(driver.owner, { none: () => n.set(0) })',
    marked: 'driver.owner',
    says: ['HMM036', 'argument 1 of Match() is driver.owner, which is optional Thread, where a union is expected'],
  },
  {
    what: 'ForEach of a queue',
    line: 'ForEach(driver.owner, () => n.set(0))',
    marked: 'driver.owner',
    says: ['HMM036', 'argument 1 of ForEach() is driver.owner, which is optional Thread, where a type is expected'],
  },
  {
    what: 'a local without a type',
    line: "Local('old', 3)",
    marked: '3',
    says: ['HMM036', 'argument 2 of Local() is the number 3, where a type is expected'],
  },
  {
    what: 'Let of a number',
    line: "Let('old', 3)",
    marked: '3',
    says: ['HMM036', 'argument 2 of Let() is the number 3, where a value of the model is expected'],
  },
  {
    what: 'a Goto to a name',
    line: "Goto('again')",
    marked: "'again'",
    says: ['HMM036', "argument 1 of Goto() is the text 'again', where a label, made by Label or Ahead, is expected"],
  },
  {
    what: 'text of a handle',
    line: 'Step(`write ${n}`, () => n.set(3))',
    marked: '',
    says: ['HMM037', 'JavaScript takes n for a number or text'],
  },
  // outside of bodies
  { what: 'a statement at the top of a file', line: 'n.set(3)', where: 'top', marked: 'set', says: ['HMM001'] },
  {
    what: 'a thread that is forgotten',
    line: "model('m', {})",
    where: 'top',
    marked: '{}',
    says: ['HMM036', "threads of model('m') is undefined, where a list of threads is expected"],
  },
  {
    what: 'a thread that is undefined',
    line: "model('m', { threads: [pages.first] })",
    where: 'top',
    marked: '{ threads: [pages.first] }',
    says: ['HMM036', "threads[0] of model('m') is undefined, where a thread is expected"],
  },
  {
    what: 'a property that is no condition',
    line: "invariant('p', n)",
    where: 'top',
    marked: 'n',
    says: ['HMM036', 'argument 2 of invariant() is n, which is int 0..3, where a condition is expected'],
  },
  {
    what: 'a thread without a body',
    line: "thread('t')",
    where: 'top',
    marked: 'thread',
    says: ['HMM036', 'argument 2 of thread() is undefined, where a body'],
  },
  {
    what: 'a type that is undefined',
    line: "shared('v', pages.Type)",
    where: 'top',
    marked: 'pages.Type',
    says: ['HMM036', 'argument 2 of shared() is undefined, where a type is expected'],
  },
  {
    what: 'a field without a type',
    line: "struct('s', { a: Bool, b: pages.Type })",
    where: 'top',
    marked: '{ a: Bool, b: pages.Type }',
    says: ['HMM036', 'the field b of struct s is undefined, where a type is expected'],
  },
  {
    what: 'an initial value of another kind',
    line: "shared('v', Bool, 3)",
    where: 'top',
    marked: '3',
    says: ['HMM036', 'argument 3 of shared() is the number 3, where bool is expected'],
  },
  {
    what: 'parameters that are no list',
    line: "procedure('p', Page, () => {})",
    where: 'top',
    marked: 'Page',
    says: ['HMM036', 'argument 2 of procedure() is the type Page, where a list of types, [] is expected'],
  },
  {
    what: 'a name used before its declaration',
    line: "later.set(3); const later = shared('later', Bool)",
    where: 'top',
    marked: 'later',
    says: ['HMM039', 'before initialization', 'declare it further up'],
  },
  {
    what: 'new',
    line: "new shared('v', Bool)",
    where: 'top',
    marked: '',
    says: ['HMM039', 'is not a constructor', 'without new'],
  },
  {
    what: 'a syntax error',
    loader: true,
    line: 'n.set(3))',
    where: 'top',
    marked: ')',
    says: ['HMM090', 'a bracket, comma or quote'],
  },
  {
    what: 'an exception of its own',
    line: "throw new Error('no')",
    where: 'top',
    marked: 'new',
    says: ['HMM039', 'no\n  at: ', 'an ordinary function in the text of the model threw it'],
  },
  {
    what: 'an import of what is not there',
    loader: true,
    line: "import { Stpe } from 'HMMCHECK'; void Stpe",
    where: 'top',
    marked: 'Stpe',
    says: ['HMM090', 'Stpe', 'did you mean Step'],
  },
  {
    what: 'an import of a file that is not there',
    loader: true,
    line: "import './drivr.ts'",
    where: 'top',
    marked: '',
    says: ['HMM090', 'drivr.ts', 'does not exist'],
  },
]
