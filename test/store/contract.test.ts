import { storeContract } from '../contracts/store.ts';
import { memoryStore, postgresAnswers, postgresStore } from '../support/stores.ts';

storeContract('PGlite', memoryStore);
if (await postgresAnswers('store contract')) storeContract('Postgres', postgresStore);
