/** Every run of the catalogue that takes seconds. */
import { mirror6Protocol } from '../../../models/mirror-6/protocol.ts'
import { testCatalogue } from '../../support/catalogue.ts'
import { reasons, untaken } from './never-taken.ts'
import { forkReasons } from './fork-never-taken.ts'
import { nouveauReasons } from './nouveau-never-taken.ts'

testCatalogue(mirror6Protocol, [...reasons, ...nouveauReasons, ...forkReasons], untaken)
