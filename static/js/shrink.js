// Makes a huge photo smaller before it is sent: upright, as JPEG, on white where it is transparent.
const QUALITY = 0.9;
const STEP = 0.8;
const LEAST_SIDE = 400; // what the server asks of the shorter side

// Nothing when a smaller copy would be no better: then the original goes.
export async function shrink(file, mostSide, mostBytes) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const [long, short] = [Math.max(bitmap.width, bitmap.height), Math.min(bitmap.width, bitmap.height)];
  try {
    for (let side = Math.min(mostSide, long); (short * side) / long >= LEAST_SIDE; side = Math.floor(side * STEP)) {
      const blob = await drawn(bitmap, side / long);
      if (blob && blob.size < mostBytes) {
        return blob.size < file.size ? new File([blob], `${file.name.replace(/\.\w+$/, "")}.jpg`, { type: blob.type }) : null;
      }
    }
    return null;
  } finally {
    bitmap.close();
  }
}

function drawn(bitmap, scale) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const pencil = canvas.getContext("2d", { alpha: false });
  pencil.fillStyle = "#fff";
  pencil.fillRect(0, 0, canvas.width, canvas.height);
  pencil.imageSmoothingQuality = "high";
  pencil.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
}
