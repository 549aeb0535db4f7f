//! Its GPU driver: a picture, which comes out at the other end as it went in.

use parakit_harness::device::{Control, Gpu, GpuOptions, Picture, Screen};
use virtio_drivers::device::gpu::VirtIOGpu;

use super::stand_in::{BRING_UP, Bounce, StandIn, assert_violated, machine, verdicts};

const WIDTH: u32 = 320;
const HEIGHT: u32 = 200;

fn driver(options: GpuOptions) -> (VirtIOGpu<Bounce, StandIn>, Screen) {
    let screen = Screen::default();
    let model = Gpu::new(options, screen.clone());
    (VirtIOGpu::new(StandIn::of(Box::new(model))).expect("a GPU"), screen)
}

/// Red, green and blue of a pixel.
fn colour(x: u32, y: u32) -> [u8; 3] {
    [x as u8, y as u8, (x * y / 7) as u8]
}

#[test]
fn a_picture_comes_out_as_it_went_in() {
    let options = GpuOptions { width: WIDTH, height: HEIGHT, ..GpuOptions::default() };
    let (mut gpu, screen) = driver(options);
    assert_eq!(gpu.resolution().expect("a display"), (WIDTH, HEIGHT));
    assert_eq!(gpu.edid_preferred_resolution().expect("an EDID"), (WIDTH, HEIGHT));
    assert_eq!(gpu.edid_supported_resolutions().expect("an EDID"), []);
    assert_eq!(screen.picture(), None);

    let frame = gpu.setup_framebuffer().expect("a frame buffer");
    for (i, pixel) in frame.as_chunks_mut::<4>().0.iter_mut().take((WIDTH * HEIGHT) as usize).enumerate() {
        let [red, green, blue] = colour(i as u32 % WIDTH, i as u32 / WIDTH);
        *pixel = [blue, green, red, 255];
    }
    gpu.flush().expect("a flush");
    let pixels = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| colour(x, y)));
    let rgba = pixels.flat_map(|[red, green, blue]| [red, green, blue, 255]).collect();
    let drawn = Picture { width: WIDTH, height: HEIGHT, rgba };
    let shown = screen.picture().expect("a picture");
    assert_eq!(shown.sha256(), drawn.sha256());
    assert_eq!(shown, drawn);

    // What was written is a PNG with the same pixels.
    let mut file = Vec::new();
    shown.write_png(&mut file).expect("a PNG");
    let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().expect("a PNG");
    let mut bytes = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut bytes).expect("a frame");
    assert_eq!((info.width, info.height), (WIDTH, HEIGHT));
    assert_eq!(bytes, drawn.rgba);

    gpu.setup_cursor(&[0x80; 64 * 64 * 4], 10, 20, 1, 1).expect("a cursor");
    gpu.move_cursor(11, 21).expect("a cursor");
    // Another size: the driver takes the old picture down and puts a new one up.
    assert!(machine(|m| m.control(&Control::Display { scanout: 0, width: 64, height: 48 })));
    assert_eq!(gpu.resolution().expect("a display"), (64, 48));
    gpu.change_resolution(64, 48).expect("a frame buffer").fill(0x11);
    gpu.flush().expect("a flush");
    let shown = screen.picture().expect("a picture");
    assert_eq!((shown.width, shown.height, shown.rgba[..4].to_vec()), (64, 48, vec![0x11; 4]));
    assert_eq!(screen.flushes(), 2);
    drop(gpu);
    assert_violated(&verdicts(), &BRING_UP);
}

#[test]
fn what_is_beyond_the_budget_is_refused() {
    let options = GpuOptions { memory_bytes: 1 << 20, ..GpuOptions::default() };
    let (mut gpu, screen) = driver(options);
    assert!(gpu.setup_framebuffer().is_err(), "a picture of 3 MiB fits into 1 MiB");
    assert!(gpu.change_resolution(64, 64).is_ok());
    gpu.flush().expect("a flush");
    assert_eq!(screen.picture().map(|p| p.rgba), Some(vec![0; 64 * 64 * 4]));
}
