//! The back end of vhost-user against front ends that say what they like.

use std::io::Read as _;
use std::os::fd::AsRawFd as _;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::time::Duration;

use parakit_abi::requirement::id;
use parakit_harness::judge::Verdict;
use parakit_harness::observe::EventKind;
use parakit_harness::report::{HostInfo, HostKind, Report, SubjectInfo};
use parakit_harness::scenario::foreign::Device;
use parakit_harness::scenario::serve::{Serve, ServeError, Served};
use parakit_harness::scenario::{Outcome, RunRecord};
use parakit_harness::transport::vhost_user::{Listener, SocketError};
use parakit_harness::vmm::End;
use parakit_tests::front_end::{
    DATA, DESC, DEVICE, DRIVER, FrontEnd, GUEST, MEMORY, OWN, PACKED, SIZE, VERSION_1, message::*,
};

/// Flags of a descriptor.
const WRITE: u16 = 2;

/// Serves `spec` to whatever `play` is.
fn serve(spec: &str, offer: &str, play: impl FnOnce(&mut FrontEnd)) -> Result<RunRecord, ServeError> {
    serve_for(Serve::MESSAGE, spec, offer, play)
}

/// The same with other patience for a message.
fn serve_for(
    message: Duration,
    spec: &str,
    offer: &str,
    play: impl FnOnce(&mut FrontEnd),
) -> Result<RunRecord, ServeError> {
    let folder = tempfile::tempdir().expect("a folder");
    let socket = folder.path().join("s");
    let device = Device::for_front_end(spec).expect("a device");
    let mut serve = Serve::new(vec![Served { device, socket: socket.clone() }], 1);
    serve.offer = offer.parse().expect("an offer");
    (serve.wait, serve.message, serve.keep_events) = (Duration::from_secs(60), message, true);
    let thread = std::thread::spawn(move || serve.run());
    let mut front_end = FrontEnd::connect(&socket);
    play(&mut front_end);
    drop(front_end);
    let run = thread.join().expect("serving does not panic");
    assert!(!socket.exists(), "the socket is gone");
    run
}

fn served(spec: &str, offer: &str, play: impl FnOnce(&mut FrontEnd)) -> RunRecord {
    serve(spec, offer, play).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_driver_that_keeps_the_rules_is_judged_where_it_can_be_seen() {
    let run = served("entropy", "-event_idx,-indirect", |vmm| {
        let offered = vmm.ask(GET_FEATURES, &[]);
        assert_eq!(u64::from(offered[0]) | u64::from(offered[1]) << 32, VERSION_1 | 1 << 30);
        vmm.begin(VERSION_1, 0);
        for index in 0..20 {
            vmm.publish(index, index % SIZE, 64, WRITE);
            vmm.wait_used(index + 1);
        }
        // The guest pauses, and goes on.
        assert_eq!(vmm.ask(GET_VRING_BASE, &[0, 0]), [0, 20]);
        vmm.start(20);
        vmm.publish(20, 4, 64, WRITE);
        vmm.wait_used(21);
        // Another driver.
        assert_eq!(vmm.ask(GET_VRING_BASE, &[0, 0]), [0, 21]);
        vmm.write(DRIVER, &[0; 32]);
        vmm.write(DEVICE, &[0; 128]);
        vmm.start(0);
        vmm.publish(0, 7, 64, WRITE);
        vmm.wait_used(1);
        assert!(vmm.call.read().is_ok(), "the driver is told");
    });
    assert_eq!(
        (run.outcome(), &run.end),
        (Outcome::Passed, &End::Disconnected { running: vec!["queue 0 of entropy0".to_owned()] }),
        "{:?} {:?}",
        run.troubles,
        run.verdicts
    );
    let lives = run.events.iter().filter_map(|event| match event.kind {
        EventKind::Started { .. } => Some("started"),
        EventKind::Stopped { .. } => Some("stopped"),
        EventKind::Resumed { .. } => Some("resumed"),
        _ => None,
    });
    assert_eq!(lives.collect::<Vec<_>>(), ["started", "stopped", "resumed", "stopped", "started", "stopped"]);
    assert_eq!(run.traffic.requests, 22);
    let report = Report {
        host: HostInfo::here(HostKind::VhostUser),
        subject: SubjectInfo::unknown_driver(),
        seed: 1,
        runs: vec![run],
        skipped: Vec::new(),
        elapsed: Duration::ZERO,
    };
    let ledger = report.ledger();
    let of = |wanted| &ledger.iter().find(|(id, _)| *id == wanted).expect("a verdict").1;
    assert_eq!(of(id::RNG_DRV_OP_1), &Verdict::Pass { count: 22 });
    assert!(matches!(of(id::VQ_SPLIT_DRV_AVAILNOTIF_4), Verdict::Pass { .. }));
    assert_eq!(of(id::VQ_SPLIT_DRV_INDIRECT_2), &Verdict::NotExercised, "there was no table");
    for hidden in
        [id::CORE_DRV_STATUS_1, id::INIT_DRV_SEQ_1, id::PCI_DRV_COMMON_1, id::CORE_DRV_FEAT_1, id::CORE_DEV_STATUS_1]
    {
        let Verdict::NotObservable { reason, .. } = of(hidden) else { panic!("{hidden} cannot be seen") };
        assert!(reason.starts_with("over vhost-user "), "{hidden}: {reason}");
    }
}

#[test]
fn packed_rings_go_on_after_a_pause() {
    let run = served("entropy", "+packed,-event_idx,-indirect", |vmm| {
        vmm.begin(VERSION_1 | PACKED, 0x8000_8000);
        let publish = |vmm: &FrontEnd, place: u64, flags: u16| {
            let mut desc = (GUEST + DATA).to_le_bytes().to_vec();
            desc.extend_from_slice(&64_u32.to_le_bytes());
            desc.extend_from_slice(&(place as u16).to_le_bytes());
            vmm.write(DESC + 16 * place, &desc);
            vmm.write(DESC + 16 * place + 14, &flags.to_le_bytes());
            vmm.kick.write(1).expect("the kick");
        };
        let used = |vmm: &FrontEnd, place: u64, flags: u16| {
            while vmm.word(DESC + 16 * place + 14) != flags {
                std::thread::sleep(Duration::from_millis(2));
            }
        };
        for place in 0..3 {
            publish(vmm, place, WRITE | 1 << 7);
            used(vmm, place, WRITE | 1 << 7 | 1 << 15);
        }
        assert_eq!(vmm.ask(GET_VRING_BASE, &[0, 0]), [0, 0x8003_8003]);
        vmm.start(0x8003_8003);
        publish(vmm, 3, WRITE | 1 << 7);
        used(vmm, 3, WRITE | 1 << 7 | 1 << 15);
    });
    assert_eq!(run.outcome(), Outcome::Passed, "{:?} {:?}", run.troubles, run.verdicts);
    assert!(run.events.iter().any(|event| matches!(event.kind, EventKind::Resumed { queue: 0 })));
    assert_eq!(run.traffic.requests, 4);
}

#[test]
fn a_driver_that_breaks_rules_is_found_out() {
    let run = served("entropy", "-event_idx,-indirect", |vmm| {
        vmm.begin(VERSION_1, 0);
        // What the device is to fill cannot be written.
        vmm.publish(0, 0, 64, 0);
        vmm.wait_used(1);
    });
    let violated: Vec<_> = run.violations().map(|(id, _)| id).collect();
    assert_eq!((run.outcome(), violated), (Outcome::Violated, vec![id::RNG_DRV_OP_1]));
    let run = served("entropy", "-event_idx,-indirect", |vmm| {
        vmm.begin(VERSION_1, 0);
        vmm.publish(0, 0, 64, WRITE);
        vmm.wait_used(1);
        // Back, as far as it seems on by more than the queue has.
        vmm.write(DRIVER + 2, &0xfff0_u16.to_le_bytes());
        vmm.kick.write(1).expect("the kick");
        vmm.wait_error();
        assert_eq!(vmm.ask(GET_VRING_BASE, &[0, 0])[0], 0);
    });
    let violated: Vec<_> = run.violations().map(|(id, _)| id).collect();
    assert!(violated.contains(&id::VQ_SPLIT_DRV_AVAIL_1), "{violated:?}");
    assert!(
        run.troubles.iter().any(|t| t.contains("entropy0: the device stopped (queue 0: available index 65520")),
        "{:?}",
        run.troubles
    );
}

#[test]
fn a_chain_that_no_device_can_use_is_told() {
    let run = served("block", "-event_idx,-indirect", |vmm| {
        vmm.begin(VERSION_1, 0);
        // A buffer to write into alone: there is no header.
        vmm.publish(0, 0, 64, WRITE);
        vmm.wait_used(1);
        vmm.ask(GET_VRING_BASE, &[0, 0]);
    });
    let told = "the device block0 could not use a chain that the driver made available";
    assert!(run.troubles.iter().any(|trouble| trouble.starts_with(told)), "{:?}", run.troubles);
    assert_eq!(run.outcome(), Outcome::Failed);
}

/// A front end, and what is said of it.
type Bad = (&'static str, fn(&mut FrontEnd));

const BAD: &[Bad] = &[
    ("memory region 0, 0x20000 bytes at 0x100000, that cannot be mapped: its file has 0x10000 bytes", |vmm| {
        vmm.share(&[[GUEST, 2 * MEMORY, OWN, 0]])
    }),
    ("that cannot be mapped", |vmm| vmm.share(&[[GUEST, MEMORY, OWN, 0x1001]])),
    ("makes no sense", |vmm| vmm.share(&[[GUEST, MEMORY, OWN, u64::MAX - 0xfff]])),
    ("makes no sense", |vmm| vmm.share(&[[u64::MAX - 0xfff, MEMORY, OWN, 0]])),
    ("makes no sense", |vmm| vmm.share(&[[GUEST, MEMORY, u64::MAX - 0xfff, 0]])),
    ("memory regions that overlap", |vmm| vmm.share(&[[GUEST, MEMORY, OWN, 0], [GUEST + 0x1000, 0x1000, OWN, 0]])),
    ("chose 0 entries for queue 0, which has 1024 at most", |vmm| vmm.send(SET_VRING_NUM, &[0, 0], &[])),
    ("chose 2048 entries for queue 0", |vmm| vmm.send(SET_VRING_NUM, &[0, 2048], &[])),
    ("named queue 7, and the device has 1", |vmm| vmm.send(SET_VRING_NUM, &[7, 8], &[])),
    ("named queue 4294967295", |vmm| vmm.send(SET_VRING_BASE, &[u32::MAX, 0], &[])),
    ("named queue 1", |vmm| vmm.send(GET_VRING_BASE, &[1, 0], &[])),
    ("named queue 255", |vmm| vmm.give_kick(255)),
    ("accepted features that were not offered: 0x400000000", |vmm| vmm.begin(VERSION_1 | PACKED, 0)),
    ("did not accept VERSION_1", |vmm| vmm.begin(0, 0)),
    ("started queue 0 at 0x5: at buffers that were made available before this run", |vmm| vmm.begin(VERSION_1, 5)),
    ("at its address 0x7f0000010000, which is in no memory region", |vmm| {
        vmm.begin(VERSION_1, 0);
        let _base = vmm.ask(GET_VRING_BASE, &[0, 0]);
        vmm.place([OWN + MEMORY, OWN + DEVICE, OWN + DRIVER]);
        vmm.give_kick(0);
    }),
    ("started queue 0 with a ring that cannot be used: queue areas 0x10fff0", |vmm| {
        vmm.accept(VERSION_1);
        vmm.share(&[[GUEST, MEMORY, OWN, 0]]);
        vmm.send(SET_VRING_NUM, &[0, 8], &[]);
        vmm.place([OWN + MEMORY - 16, OWN + DEVICE, OWN + DRIVER]);
        vmm.give_kick(0);
    }),
    ("queue size 7 is not a power of two", |vmm| {
        vmm.accept(VERSION_1);
        vmm.share(&[[GUEST, MEMORY, OWN, 0]]);
        vmm.send(SET_VRING_NUM, &[0, 7], &[]);
        vmm.place([OWN, OWN + DEVICE, OWN + DRIVER]);
        vmm.give_kick(0);
    }),
    ("took away the memory of queue 0 while it runs", |vmm| {
        vmm.begin(VERSION_1, 0);
        vmm.share(&[[GUEST, 0x1000, OWN, 0]]);
    }),
    ("wants queue 0 to be polled", |vmm| vmm.send(SET_VRING_KICK, &[0x100, 0], &[])),
    ("gave something that is no eventfd to notify the device of queue 0", |vmm| {
        let file = vmm.memory.as_raw_fd();
        vmm.send(SET_VRING_KICK, &[0, 0], &[file]);
    }),
    ("gave something that is no eventfd to notify the driver of queue 0", |vmm| {
        let socket = vmm.stream.as_raw_fd();
        vmm.send(SET_VRING_CALL, &[0, 0], &[socket]);
    }),
    ("makes no sense in vhost-user", |vmm| vmm.send(99, &[], &[])),
    ("makes no sense in vhost-user", |vmm| vmm.send_raw(&[0xa5; 64])),
    ("makes no sense in vhost-user", |vmm| vmm.send(SET_MEM_TABLE, &[u32::MAX, 0], &[])),
    ("makes no sense in vhost-user", |vmm| vmm.send(SET_VRING_ADDR, &[0], &[])),
    ("makes no sense in vhost-user", |vmm| vmm.send(SET_VRING_ENABLE, &[0, 2], &[])),
    ("a protocol feature that was not agreed on", |vmm| vmm.send(GET_CONFIG, &[0, 8, 0, 0, 0], &[])),
    ("disconnected in the middle of a message", |vmm| vmm.send_raw(&[1, 0, 0, 0, 1])),
    ("disconnected in the middle of a message", |vmm| {
        let words: Vec<u8> = [SET_FEATURES, 1, 8, 5].iter().flat_map(|word| word.to_ne_bytes()).collect();
        vmm.send_raw(&words);
    }),
];

#[test]
fn what_cannot_be_is_a_sentence_and_an_end() {
    for (part, play) in BAD {
        let run = served("entropy", "-event_idx,-indirect", play);
        assert_eq!(run.outcome(), Outcome::Failed, "{part}: {:?}", run.troubles);
        let said = run.troubles.iter().find(|trouble| trouble.starts_with("entropy0: the front end "));
        assert!(said.is_some_and(|said| said.contains(part) && !said.contains('\n')), "{part}: {:?}", run.troubles);
    }
}

/// Into how many pieces a stream of bytes is cut is nobody's business. Files come with the first.
#[test]
fn messages_may_come_in_pieces() {
    for piece in [1, 4, 11, 12, 13, 16, 20, 30] {
        let run = served("entropy", "-event_idx,-indirect", |vmm| {
            vmm.piece = Some(piece);
            // Before the features, which is answered elsewhere.
            vmm.send(SET_VRING_ENABLE, &[0, 1], &[]);
            let offered = vmm.ask(GET_FEATURES, &[]);
            assert_eq!(u64::from(offered[0]) | u64::from(offered[1]) << 32, VERSION_1 | 1 << 30);
            vmm.begin(VERSION_1, 0);
            vmm.publish(0, 0, 64, WRITE);
            vmm.wait_used(1);
            assert_eq!(vmm.ask(GET_VRING_BASE, &[0, 0]), [0, 1]);
        });
        assert_eq!((run.outcome(), run.traffic.requests), (Outcome::Passed, 1), "{piece}: {:?}", run.troubles);
    }
}

/// One that stops in the middle of a message, and stays, has its time, and no more.
#[test]
fn who_stops_in_the_middle_of_a_message_is_cut_off() {
    let patience = Duration::from_secs(1);
    for bytes in [4, 14] {
        let stops = |vmm: &mut FrontEnd| {
            let words: Vec<u8> = [SET_FEATURES, 1, 8, 0, 1].iter().flat_map(|word| word.to_ne_bytes()).collect();
            vmm.send_raw(&words[..bytes]);
            // Until the other end closes.
            assert_eq!(vmm.stream.read(&mut [0]).expect("an end"), 0);
        };
        let run = serve_for(patience, "entropy", "-event_idx,-indirect", stops).expect("a run");
        let told = "entropy0: the front end stopped in the middle of a message, for 1 s";
        assert!(run.troubles.iter().any(|trouble| trouble == told), "{bytes}: {:?}", run.troubles);
        assert!(run.elapsed >= patience, "{bytes}: {:?}", run.elapsed);
    }
}

/// A VMM stops what it started, unless it is killed; nothing of that is a driver's fault.
#[test]
fn what_a_front_end_left_running_is_told() {
    let driven = |vmm: &mut FrontEnd| {
        vmm.begin(VERSION_1, 0);
        vmm.publish(0, 0, 64, WRITE);
        vmm.wait_used(1);
    };
    let left = served("entropy", "-event_idx,-indirect", driven);
    assert_eq!((left.outcome(), left.troubles.len()), (Outcome::Passed, 0), "{:?}", left.troubles);
    assert_eq!(
        left.end.to_string(),
        "the front end disconnected and left queue 0 of entropy0 running: it was killed, or did not stop what it had started"
    );
    let stopped = served("entropy", "-event_idx,-indirect", |vmm| {
        driven(vmm);
        assert_eq!(vmm.ask(GET_VRING_BASE, &[0, 0]), [0, 1]);
    });
    assert_eq!((stopped.outcome(), stopped.end.to_string().as_str()), (Outcome::Passed, "the front end disconnected"));
}

#[test]
fn a_front_end_that_says_nothing_has_started_nothing() {
    let run = served("block,size=1M", "", |_| {});
    assert_eq!((run.outcome(), &run.end), (Outcome::Failed, &End::Disconnected { running: Vec::new() }));
    assert!(run.troubles[0].contains("no front end started block0, so that nothing was judged"), "{:?}", run.troubles);
}

#[test]
fn sockets_are_made_where_they_can_be_and_nowhere_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let refused = |path: &Path| Listener::bind(path).expect_err("no socket").to_string();
    // A live one.
    let live = UnixListener::bind(at("live")).expect("a socket");
    assert!(refused(&at("live")).contains("is in use: a server listens there"));
    assert!(at("live").exists());
    // One whose server is gone.
    drop(live);
    let again = Listener::bind(&at("live")).expect("it is replaced");
    assert!(again.replaced());
    // Somebody else's file, in the meantime, stays.
    std::fs::remove_file(at("live")).expect("it goes");
    let other = UnixListener::bind(at("live")).expect("a socket");
    drop(again);
    assert!(at("live").exists());
    drop(other);
    let own = Listener::bind(&at("own")).expect("a socket");
    assert!(!own.replaced() && at("own").exists());
    drop(own);
    assert!(!at("own").exists(), "it goes with the listener");
    std::fs::write(at("file"), "precious").expect("a file");
    assert!(refused(&at("file")).contains("is there and is no socket"));
    assert_eq!(std::fs::read(at("file")).expect("the file"), b"precious");
    assert!(refused(&at("no/socket")).contains("there is no folder"));
    let long = at(&"x".repeat(120));
    assert!(matches!(Listener::bind(&long), Err(SocketError::Long { .. })));
    assert!(refused(&long).contains("an address has room for 107"));
}

#[test]
fn nobody_is_waited_for_longer_than_was_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let socket = folder.path().join("s");
    let device = || Device::for_front_end("entropy").expect("a device");
    let mut serve = Serve::new(vec![Served { device: device(), socket: socket.clone() }], 1);
    serve.wait = Duration::from_millis(50);
    let error = serve.run().expect_err("nobody comes");
    assert!(matches!(error, ServeError::Nobody { .. }) && error.to_string().contains("--wait"), "{error}");
    assert!(!socket.exists());
    serve.served.push(Served { device: device(), socket });
    assert!(matches!(serve.run(), Err(ServeError::SameSocket { .. })));
}
