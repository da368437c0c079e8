/** The `backcourt` command from source, as tests spawn it. */
import { main } from '../../src/main.ts';

process.exitCode = await main(process.argv.slice(2));
