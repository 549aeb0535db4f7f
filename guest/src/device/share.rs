//! A driver that several tasks use at once.

use core::cell::RefCell;

/// Gives one caller at a time the driver.
///
/// `RefCell` does on one thread. On several, implement it for your kernel's mutex; if the driver's interrupt handler
/// takes the mutex too, it must keep interrupts out while it is held. The kit holds it for a few dozen instructions
/// at a time (but for as long as a reset takes when the device has broken the rules), never across an `await`,
/// and neither wakes a task nor drops a waker or a buffer while it does.
///
/// ```
/// use parakit::device::Share;
///
/// struct Locked<T>(std::sync::Mutex<T>);
///
/// impl<T> Share for Locked<T> {
///     type Driver = T;
///     fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
///         f(&mut self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()))
///     }
/// }
/// # assert_eq!(Locked(std::sync::Mutex::new(3)).with(|n| *n), 3);
/// ```
pub trait Share {
    /// The driver.
    type Driver;

    /// Runs `f` on the driver while nobody else has it.
    fn with<R>(&self, f: impl FnOnce(&mut Self::Driver) -> R) -> R;
}

impl<T> Share for RefCell<T> {
    type Driver = T;

    fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.borrow_mut())
    }
}

impl<S: Share + ?Sized> Share for &S {
    type Driver = S::Driver;

    fn with<R>(&self, f: impl FnOnce(&mut Self::Driver) -> R) -> R {
        (**self).with(f)
    }
}

#[cfg(feature = "alloc")]
impl<S: Share> Share for alloc::rc::Rc<S> {
    type Driver = S::Driver;

    fn with<R>(&self, f: impl FnOnce(&mut Self::Driver) -> R) -> R {
        (**self).with(f)
    }
}

#[cfg(feature = "alloc")]
impl<S: Share> Share for alloc::sync::Arc<S> {
    type Driver = S::Driver;

    fn with<R>(&self, f: impl FnOnce(&mut Self::Driver) -> R) -> R {
        (**self).with(f)
    }
}
