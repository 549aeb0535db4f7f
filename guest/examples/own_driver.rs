//! A driver for a device type that the kit has none for, on the kit's public interface: the memory balloon (VIRTIO 1.4
//! §5.5), with which a hypervisor asks a guest for pages that it can do without.
//!
//! What every driver does, in this order:
//!
//! 1. check the device type and negotiate features: the kit's and your own;
//! 2. set up queues. The chain type says what a queue holds and who writes to it. Here the device only reads lists
//!    of page numbers: [`Readable`]. A request with an answer is a `ReadWrite`; many drivers want `QueueOptions`'
//!    header and trailer, which are kept in the queue's own memory;
//! 3. make the device live, and keep its notifiers;
//! 4. in operation: `add`, `publish`, notify if told to, `poll`;
//! 5. in `Drop`: reset the device, then retire the queues, so that they may free their memory. A driver that forgets
//!    this leaks; it cannot free what the device may still access.
//!
//! There is no `unsafe` in it. `cargo run -p parakit --example own_driver` runs it against the device side of the kit's tests.

#[path = "../tests/support/mod.rs"]
mod support;

use core::fmt;

use parakit::abi::device::{ConfigField, DeviceType};
use parakit::abi::feature::Features;
use parakit::platform::{Platform, Wait};
use parakit::queue::{AddErrorKind, Queue, QueueError, QueueOptions, Readable, Slot};
use parakit::transport::{ConfigError, Device, FeatureError, Live, Negotiating, QueueSetupError, SUPPORTED};
use parakit::{Notify, Transport};

/// §5.5.1
const BALLOON: DeviceType = DeviceType(5);
/// §5.5.2: the queue of pages that the guest gives up, and of those that it takes back.
const INFLATE: u16 = 0;
const DEFLATE: u16 = 1;
/// §5.5.6: pages that the hypervisor would like to have, and that the guest has given up.
const NUM_PAGES: ConfigField = ConfigField { name: "num_pages", offset: 0, width: 4, feature: None };
const ACTUAL: ConfigField = ConfigField { name: "actual", offset: 4, width: 4, feature: None };

/// What a queue holds: a list of page numbers, as bytes.
type Pages = Readable<Vec<u8>>;
type PageQueue<P> = Queue<P, Pages, Box<[Slot<Pages>]>>;

/// Why the balloon does not work.
#[derive(Debug)]
enum BalloonError {
    NotABalloon(DeviceType),
    Features(FeatureError),
    Setup(QueueSetupError),
    Config(ConfigError),
    Add(AddErrorKind),
    /// The device broke the rules of its queue.
    Queue(QueueError),
    /// The device does not answer.
    Timeout,
}

impl fmt::Display for BalloonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotABalloon(id) => write!(f, "device type {} is no balloon (5)", id.0),
            Self::Features(e) => e.fmt(f),
            Self::Setup(e) => e.fmt(f),
            Self::Config(e) => e.fmt(f),
            Self::Add(e) => e.fmt(f),
            Self::Queue(e) => e.fmt(f),
            Self::Timeout => f.write_str("the device does not answer"),
        }
    }
}

/// A memory balloon.
struct Balloon<T: Transport, P: Platform + Clone> {
    device: Device<P, T, Live>,
    inflate_notifier: T::Notifier,
    deflate_notifier: T::Notifier,
    inflate: PageQueue<P>,
    deflate: PageQueue<P>,
    given_up: u32,
}

impl<T: Transport, P: Platform + Clone> Balloon<T, P> {
    /// Brings the device up. A device that is dropped on the way is marked FAILED.
    fn new(device: Device<P, T, Negotiating>) -> Result<Self, BalloonError> {
        if device.device_type() != BALLOON {
            return Err(BalloonError::NotABalloon(device.device_type()));
        }
        // 1. None of the balloon's own features; a driver that has some adds them with `.with(..)`.
        let mut device = device.negotiate(SUPPORTED, Features::NONE).map_err(BalloonError::Features)?;
        // 2. As many entries as the device allows, up to 16.
        let options = QueueOptions { max_size: 16, ..QueueOptions::default() };
        let inflate = device.queue(INFLATE, Slot::boxed(16), options).map_err(BalloonError::Setup)?;
        let deflate = device.queue(DEFLATE, Slot::boxed(16), options).map_err(BalloonError::Setup)?;
        // 3.
        let device = device.driver_ok();
        let (inflate_notifier, deflate_notifier) = (device.notifier(INFLATE), device.notifier(DEFLATE));
        Ok(Self { device, inflate_notifier, deflate_notifier, inflate, deflate, given_up: 0 })
    }

    /// Pages that the hypervisor would like to have.
    fn wanted(&self) -> Result<u32, BalloonError> {
        self.device.config_read(&NUM_PAGES).map_err(BalloonError::Config)
    }

    /// Gives pages up.
    fn inflate(&mut self, pages: &[u32]) -> Result<(), BalloonError> {
        transfer(self.device.platform(), &mut self.inflate, &self.inflate_notifier, pages)?;
        self.tell(self.given_up.saturating_add(pages.len() as u32))
    }

    /// Takes pages back.
    fn deflate(&mut self, pages: &[u32]) -> Result<(), BalloonError> {
        transfer(self.device.platform(), &mut self.deflate, &self.deflate_notifier, pages)?;
        self.tell(self.given_up.saturating_sub(pages.len() as u32))
    }

    fn tell(&mut self, given_up: u32) -> Result<(), BalloonError> {
        self.given_up = given_up;
        self.device.config_write(&ACTUAL, given_up).map_err(BalloonError::Config)
    }
}

/// 4. Moves a list of pages to the device and waits until it has taken it.
fn transfer<P: Platform>(
    platform: &P,
    queue: &mut PageQueue<P>,
    notifier: &impl Notify,
    pages: &[u32],
) -> Result<(), BalloonError> {
    let list: Vec<u8> = pages.iter().flat_map(|page| page.to_le_bytes()).collect();
    queue.add(Readable(list)).map_err(|refused| BalloonError::Add(refused.kind))?;
    if let Some(notification) = queue.publish() {
        notifier.notify(notification);
    }
    for polls in 1.. {
        match queue.poll() {
            // The list comes back; nobody needs it any more.
            Ok(Some(_)) => return Ok(()),
            Ok(None) if platform.wait(polls) == Wait::Continue => {}
            // The list stays with the queue: the device may still read it.
            Ok(None) => break,
            Err(e) => return Err(BalloonError::Queue(e)),
        }
    }
    Err(BalloonError::Timeout)
}

impl<T: Transport, P: Platform + Clone> Drop for Balloon<T, P> {
    fn drop(&mut self) {
        // 5. If the device does not reset, the queues leak their memory rather than free it.
        if let Ok(proof) = self.device.quiesce() {
            for queue in [&mut self.inflate, &mut self.deflate] {
                // What was in flight is dropped here.
                queue.retire(&proof).expect("the proof of this device").for_each(drop);
            }
        }
    }
}

fn main() {
    let platform = support::platform::Tracked::new();
    let machine = support::machine::Machine::balloon(&platform, 3);
    let transport = parakit::MmioTransport::probe(machine.clone()).expect("registers").expect("a device");
    let device = Device::start(platform.clone(), transport).expect("a device that resets");

    let mut balloon = Balloon::new(device).unwrap_or_else(|e| panic!("{e}"));
    let wanted = balloon.wanted().unwrap_or_else(|e| panic!("{e}"));
    let pages: Vec<u32> = (100..100 + wanted).collect();
    balloon.inflate(&pages).unwrap_or_else(|e| panic!("{e}"));
    println!("the hypervisor wanted {wanted} pages and got {pages:?}");
    balloon.deflate(&pages[..1]).unwrap_or_else(|e| panic!("{e}"));
    println!("page {} is back; {} are given up", pages[0], balloon.given_up);
    drop(balloon);

    machine.with(|state| {
        assert_eq!(state.output, [100, 0, 0, 0, 101, 0, 0, 0, 102, 0, 0, 0, 100, 0, 0, 0]);
        assert_eq!(state.config[4..8], [2, 0, 0, 0], "`actual`");
    });
    assert_eq!((platform.shared(), platform.allocated()), (0, 0), "nothing is left behind");
}
