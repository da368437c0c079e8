import { runSeeds } from './run-seeds.ts';

runSeeds(1001, 2000);
