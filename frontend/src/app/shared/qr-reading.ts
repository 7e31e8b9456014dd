/** Reading QR codes: by the browser's own detector where it has one that knows them, else by a part loaded then. */

export interface Detector {
  detect(image: ImageBitmapSource): Promise<readonly { readonly rawValue: string }[]>;
}

interface DetectorClass {
  new (options: { formats: readonly string[] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
}

const FORMAT = 'qr_code';

export async function detector(): Promise<Detector> {
  const native = (globalThis as { readonly BarcodeDetector?: DetectorClass }).BarcodeDetector;
  if (native && (await native.getSupportedFormats()).includes(FORMAT)) return new native({ formats: [FORMAT] });
  const { BarcodeDetector } = await import('qr/decode.js');
  return new BarcodeDetector({ formats: [FORMAT] });
}

/** What the code in a picture says; null where none is found. */
export async function textOfPicture(picture: Blob): Promise<string | null> {
  const [reader, image] = await Promise.all([detector(), createImageBitmap(picture)]);
  try {
    return (await reader.detect(image))[0]?.rawValue ?? null;
  } finally {
    image.close();
  }
}
