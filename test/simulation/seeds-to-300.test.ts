import { runSeeds } from './run-seeds.ts';

runSeeds(1, 300);
