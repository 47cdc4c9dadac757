import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { licencesPlugin } from './licences.ts';
import { officeWordsPlugin } from './office_words.ts';

export default defineConfig({
  plugins: [svelte(), officeWordsPlugin(), licencesPlugin()],
  build: {
    target: 'es2022',
    // The server forbids data in scripts and styles; a file more costs nothing on a local network.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 400, // OpenSeadragon, loaded with the first page picture
  },
  server: {
    proxy: process.env.JUANZONG_URL
      ? { '/api': process.env.JUANZONG_URL, '/iiif': process.env.JUANZONG_URL }
      : {},
  },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
});
