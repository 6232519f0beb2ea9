"""Medical image analysis you can defend to a reviewer: X-ray, CT, MRI, ultrasound."""

__version__ = "0.1.0"
