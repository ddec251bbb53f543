/** Lint: TypeScript's strict rules everywhere, and over models and properties those of the modelling language. */
import tseslint from 'typescript-eslint'
import { ghostCodeApart } from './lint/ghost-code-apart.js'
import { noJavaScriptOnHandles } from './lint/no-javascript-on-handles.js'
import { oneDeclaration } from './lint/one-declaration.js'
import { oneName } from './lint/one-name.js'

const hmmcheck = {
  rules: {
    'ghost-code-apart': ghostCodeApart,
    'no-javascript-on-handles': noJavaScriptOnHandles,
    'one-declaration': oneDeclaration,
    'one-name': oneName,
  },
}

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'bench/peers/', 'coverage/'] },
  ...tseslint.configs.strict,
  ...tseslint.configs.stylistic,
  {
    languageOptions: { ecmaVersion: 2023, sourceType: 'module' },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use a union of strings.' },
        { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
        {
          selector: 'ClassDeclaration:not([superClass.name=/Error$/])',
          message: 'Use functions and readonly types; only errors are classes.',
        },
      ],
      'prefer-const': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
      ],
      // `interface Bool extends Handle {}` gives a type a name of its own in messages.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      // An empty block is a statement of a model, or says that nothing is done.
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/consistent-indexed-object-style': 'off',
    },
  },
  { files: ['*.config.{js,ts}'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['bin/**', 'bench/**'], rules: { 'no-console': 'off' } },
  { files: ['src/**/*.ts'], plugins: { hmmcheck }, rules: { 'hmmcheck/one-declaration': 'error' } },
  {
    files: ['models/**/*.ts', 'properties/**/*.ts', 'src/kernel/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { hmmcheck },
    rules: {
      'hmmcheck/ghost-code-apart': 'error',
      'hmmcheck/no-javascript-on-handles': 'error',
      'hmmcheck/one-name': 'error',
    },
  },
  {
    // A user who copies the folder of a model has the package, and not this repository around it.
    files: ['models/*/*.ts'],
    ignores: ['models/bugs/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [{ group: ['../*'], message: 'A model imports what its users import: hmmcheck, hmmcheck/kernel.' }],
        },
      ],
    },
  },
)
