import type { OpenApi } from './api/openapi.ts';

/** Lists of readers that come in and go out; loaded by the commands that want them, as services start without. */
export async function loadReaderLists() {
  const [{ judgeReaders, takeInReaders }, { exportReaders }] = await Promise.all([
    import('./admin/import-readers.ts'),
    import('./admin/export-readers.ts'),
  ]);
  return { judgeReaders, takeInReaders, exportReaders };
}

/** The document of the API at an address. */
export async function loadOpenApi(publicUrl: string): Promise<OpenApi> {
  const [{ API_ROUTES }, { openApiDocument }] = await Promise.all([
    import('./api/serve.ts'),
    import('./api/openapi.ts'),
  ]);
  return openApiDocument(API_ROUTES, publicUrl);
}
