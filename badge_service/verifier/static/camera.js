// Fills the file field of the check page from the camera: reads the code live where the browser can, else takes a still picture.
"use strict";
(() => {
  const part = document.querySelector("[data-camera]");
  if (!part || !navigator.mediaDevices?.getUserMedia) return;
  const form = part.closest("form");
  const [start, picture, shoot, refused] = ["start", "picture", "shoot", "refused"].map(
    (name) => part.querySelector(`[data-camera-${name}]`),
  );
  let stream;
  part.hidden = false;

  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = undefined;
  };

  const send = () => {
    stop();
    form.requestSubmit();
  };

  const still = () => {
    const canvas = document.createElement("canvas");
    canvas.width = picture.videoWidth;
    canvas.height = picture.videoHeight;
    canvas.getContext("2d").drawImage(picture, 0, 0);
    canvas.toBlob((blob) => {
      const files = new DataTransfer();
      files.items.add(new File([blob], "photo.jpg", { type: "image/jpeg" }));
      form.elements.file.files = files.files;
      send();
    }, "image/jpeg", 0.9);
  };

  const watch = async (detector) => {
    if (!stream) return;
    const found = await detector.detect(picture).catch(() => []);
    if (found.length === 1) {
      picture.pause();
      still(); // the server reads the code itself, from the same picture
      return;
    }
    setTimeout(() => watch(detector), 200);
  };

  start.addEventListener("click", async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      refused.hidden = false;
      return;
    }
    picture.srcObject = stream;
    picture.hidden = false;
    start.hidden = true;
    await picture.play(); // before there is a first picture, there is nothing to take
    shoot.hidden = false;
    shoot.focus();
    if ("BarcodeDetector" in window) watch(new BarcodeDetector({ formats: ["qr_code"] }));
  });
  shoot.addEventListener("click", still);
  addEventListener("pagehide", stop);
})();
