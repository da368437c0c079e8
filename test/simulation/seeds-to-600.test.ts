import { runSeeds } from './run-seeds.ts';

runSeeds(301, 600);
