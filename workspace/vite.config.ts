/** Builds the page into workspace/dist: `npx vite build --config workspace/vite.config.ts`. */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('page', import.meta.url)),
  plugins: [react()],
  build: { outDir: fileURLToPath(new URL('dist', import.meta.url)), emptyOutDir: true, assetsInlineLimit: 0 },
  logLevel: 'warn',
});
